"""The charts of the result pages: a DataFrame and a Look in, an Altair chart out, no Streamlit.

`spec(chart)` is what `st.vega_lite_chart` draws. A chart is one single view whose layout follows the width it gets.
"""

from pages.ui.charts.benefit_lines import benefit_lines
from pages.ui.charts.benefits_realised import benefits_realised
from pages.ui.charts.cash_flow import cash_flow
from pages.ui.charts.contribution_pair import contribution_pair
from pages.ui.charts.criterion_profile import profile
from pages.ui.charts.engagement_timeline import engagement_timeline
from pages.ui.charts.gap_ranking import gaps
from pages.ui.charts.look import Look, spec
from pages.ui.charts.npv_spread import npv_spread
from pages.ui.charts.perception_gap import perception_gap
from pages.ui.charts.plan_timeline import plan_months, plan_timeline
from pages.ui.charts.pool_load import pool_load
from pages.ui.charts.process_behaviour import process_behaviour
from pages.ui.charts.role_progress import role_progress
from pages.ui.charts.stage_strip import stage_strip
from pages.ui.charts.strategy_fit import strategies
from pages.ui.charts.tornado import tornado
from pages.ui.charts.waste_hours import waste_hours
from pages.ui.charts.waterfall import contributions
from pages.ui.charts.wave_change import wave_change

__all__ = [
    "Look",
    "benefit_lines",
    "benefits_realised",
    "cash_flow",
    "contribution_pair",
    "contributions",
    "engagement_timeline",
    "gaps",
    "npv_spread",
    "perception_gap",
    "plan_months",
    "plan_timeline",
    "pool_load",
    "process_behaviour",
    "profile",
    "role_progress",
    "spec",
    "stage_strip",
    "strategies",
    "tornado",
    "waste_hours",
    "wave_change",
]
