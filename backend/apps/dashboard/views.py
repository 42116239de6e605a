"""/dashboard: the figures of a period."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.common.answers import Answer
from apps.common.errors import Invalid
from apps.common.openapi import described
from apps.common.permissions import READ
from apps.common.views import View
from apps.dashboard.figures import dashboard
from apps.dashboard.period import PARAMETERS, asked
from apps.dashboard.serializers import DashboardOutput


class Dashboard(View):
    permissions: ClassVar = {"GET": READ}

    @extend_schema(parameters=PARAMETERS)
    @described("Read the figures of a period", output=DashboardOutput, refusals=(Invalid,))
    def get(self, request: Request) -> Answer:
        """Days are São Paulo's. Cancelled orders are counted, and bring no revenue.

        `low_stock` is as of now, whatever the period. All of it is right up to the last commit.
        """
        return Answer(dashboard(asked(request.query_params)))
