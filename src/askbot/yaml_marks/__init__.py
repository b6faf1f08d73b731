"""YAML that people write, with places: text → values marked with line:column, faults in Chinese, tables of shapes.

Shared by the knowledge files and the configuration; knows neither.
"""
