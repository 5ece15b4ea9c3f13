"""What a learner has done: per lesson and altogether, as data, as Markdown and as a picture."""

from engine.session.summary.data import LessonSummary, Summary, summarize
from engine.session.summary.markdown import as_markdown
from engine.session.summary.picture import as_svg

__all__ = ["LessonSummary", "Summary", "as_markdown", "as_svg", "summarize"]
