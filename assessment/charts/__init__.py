"""The charts of the result pages: a DataFrame and a Look in, an Altair chart out, no Streamlit.

`spec(chart)` is what `st.vega_lite_chart` draws. A chart is one single view whose layout follows the width it gets.
"""

from assessment.charts.benefit_lines import benefit_lines
from assessment.charts.benefits_realised import benefits_realised
from assessment.charts.cash_flow import cash_flow
from assessment.charts.contribution_pair import contribution_pair
from assessment.charts.criterion_profile import profile
from assessment.charts.engagement_timeline import engagement_timeline
from assessment.charts.gap_ranking import gaps
from assessment.charts.look import Look, spec
from assessment.charts.npv_spread import npv_spread
from assessment.charts.perception_gap import perception_gap
from assessment.charts.plan_timeline import plan_months, plan_timeline
from assessment.charts.pool_load import pool_load
from assessment.charts.process_behaviour import process_behaviour
from assessment.charts.role_progress import role_progress
from assessment.charts.stage_strip import stage_strip
from assessment.charts.strategy_fit import strategies
from assessment.charts.tornado import tornado
from assessment.charts.waste_hours import waste_hours
from assessment.charts.waterfall import contributions
from assessment.charts.wave_change import wave_change

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
