"""The watch itself can fail: a page that does what ours must not is reported, line by line."""

import pytest

from serving.api.security import CONTENT_SECURITY_POLICY
from tests.deep.browser.watched import PHONE, Watched

SPOILT = """<!doctype html><title>Spoilt</title><h1 style="color: red">Spoilt</h1>
<script>document.title = "the script ran"</script><img src="/static/none.png" alt="">"""
OUTSIDE = '<!doctype html><title>Outside</title><img src="http://elsewhere.example/pixel.png" alt="">'


@pytest.mark.parametrize("screen", [PHONE], ids=str)
def test_a_page_with_inline_code_and_a_missing_picture_is_reported(watched: Watched) -> None:
    policy = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Content-Type": "text/html"}
    watched.page.route("**/spoilt", lambda route: route.fulfill(body=SPOILT, headers=policy))
    page = watched.go("/spoilt")
    assert page.title() == "Spoilt"
    said = "\n".join(watched.problems)
    for sign in ("inline (script-src-elem)", "inline (style-src-attr)", "404 for GET"):
        assert sign in said, said
    watched.problems.clear()


@pytest.mark.parametrize("screen", [PHONE], ids=str)
def test_a_request_that_leaves_the_product_is_reported_and_gets_nowhere(watched: Watched) -> None:
    watched.page.route("**/outside", lambda route: route.fulfill(body=OUTSIDE, content_type="text/html"))
    watched.go("/outside")
    said = "\n".join(watched.problems)
    assert "asked for http://elsewhere.example/pixel.png, which is not ours" in said
    assert "ERR_NAME_NOT_RESOLVED" in said
    watched.problems.clear()
