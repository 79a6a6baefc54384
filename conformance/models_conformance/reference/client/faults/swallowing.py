"""What many faults share: an error that the caller gets as a value, an empty list or a model without a name."""

from __future__ import annotations

from models_conformance.reference.client.ideal import IdealClient
from models_conformance.reference.client.messages import EMPTY_PAGE, ZERO_MODEL, Call, ClientError, Model, Page


class SwallowsErrorsOfLists(IdealClient):
    """Takes some errors for an empty list."""

    def is_swallowed(self, problem: ClientError) -> bool:
        """Whether this error is taken for nothing."""
        raise NotImplementedError

    def page(self, call: Call) -> Page:
        try:
            return super().page(call)
        except ClientError as problem:
            if self.is_swallowed(problem):
                return EMPTY_PAGE
            raise


class SwallowsErrorsOfModels(IdealClient):
    """Takes some errors for a model without a name."""

    def is_swallowed(self, problem: ClientError) -> bool:
        """Whether this error is taken for nothing."""
        raise NotImplementedError

    def retrieve(self, call: Call) -> Model:
        try:
            return super().retrieve(call)
        except ClientError as problem:
            if self.is_swallowed(problem):
                return ZERO_MODEL
            raise
