"""Charts that carry their data, alternative text and sources; printed points always look the same."""

from careshift.figures.bar_charts import bars
from careshift.figures.choice_charts import choices, verdict_title
from careshift.figures.claim_rows import alt_of_claims, claim_rows
from careshift.figures.crowd_charts import crowd
from careshift.figures.dot_charts import alt_of_intervals, intervals, paired, places, points
from careshift.figures.figure import MIME, Figure
from careshift.figures.gantt_charts import gantt
from careshift.figures.grids import matrix
from careshift.figures.line_charts import alt_of_lines, lines
from careshift.figures.organisation_charts import organisation
from careshift.figures.small_multiples import panels
from careshift.figures.strip_charts import strips
from careshift.figures.timelines import timeline
from careshift.figures.trend_charts import trend

__all__ = [
    "MIME",
    "Figure",
    "alt_of_claims",
    "alt_of_intervals",
    "alt_of_lines",
    "bars",
    "choices",
    "claim_rows",
    "crowd",
    "gantt",
    "intervals",
    "lines",
    "matrix",
    "organisation",
    "paired",
    "panels",
    "places",
    "points",
    "strips",
    "timeline",
    "trend",
    "verdict_title",
]
