"""Standard Webhooks (`platform: standard`): signed `chat.messages` in, signed `chat.reply` out; docs/api.md has both.

This file is the platform's entry in the registry: its keys in the configuration and how to make its codec and client.
"""

from typing import TYPE_CHECKING

from askbot.platforms.base import Platform, SourceSpec
from askbot.platforms.secrets import secret_key
from askbot.platforms.standard.signing import decode_secret
from askbot.platforms.urls import UrlKind
from askbot.ports import Clock
from askbot.ports.platform import PlatformClient, PlatformCodec
from askbot.yaml_marks.shapes import Key

if TYPE_CHECKING:
    from aiohttp import ClientSession

SHORT = 24
"""Bytes that the specification asks of a secret at least."""


def _codec(source: SourceSpec) -> PlatformCodec:
    from askbot.platforms.standard.wire import StandardCodec

    return StandardCodec(source, _keys(source))


def _client(source: SourceSpec, session: "ClientSession", clock: Clock) -> PlatformClient | None:
    from askbot.platforms.standard.client import StandardClient

    url = source.options.get("reply_url")
    if url is None:
        return None
    return StandardClient(name=source.name, url=url, key=_keys(source)[0], session=session, clock=clock)


def _keys(source: SourceSpec) -> tuple[bytes, ...]:
    return tuple(decode_secret(secret.reveal()) for secret in source.options["secret"])


STANDARD = Platform(
    name="standard",
    keys=(
        secret_key(decode_secret, SHORT),
        Key(name="reply_url", kind=UrlKind(), doc="回复发到哪个地址（POST）；不写就只上大屏"),
    ),
    codec=_codec,
    client=_client,
    sends_with=("reply_url",),
)
