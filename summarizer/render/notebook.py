"""Brief -> what a notebook shows of it: the page in a frame of its own."""

from __future__ import annotations

from markupsafe import Markup

from summarizer.data import Brief
from summarizer.render.page import to_html

# Without allow-same-origin: the page's script reaches nothing of the notebook.
_FRAME = Markup(
    '<iframe title="Brief" width="100%" height="640" style="height:40rem;border:0"'
    ' sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" srcdoc="{}"></iframe>'
)
# Else "#source-2" is a place of the notebook, which the frame then loads into itself. It stands
# before the page's policy, which allows no base.
_BASE = '<head>\n<base href="about:srcdoc">'


def to_frame(brief: Brief) -> str:
    """Return one iframe element (HTML 5) that holds to_html(brief): quotes, no articles.

    A plain string: markupsafe would escape what a caller puts around it.
    """
    return str(_FRAME.format(to_html(brief).replace("<head>", _BASE, 1)))
