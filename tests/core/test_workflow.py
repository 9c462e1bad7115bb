"""State machines: only what the table says, and only for the first who does it."""

import pytest

from saleor_aftercare.connection.models import COMMAND_WORKFLOW, CommandState, ShopCommand
from saleor_aftercare.core.errors import Conflict
from saleor_aftercare.core.models import JOB_WORKFLOW, JobState
from saleor_aftercare.core.workflow import Workflow
from tests.make import HOUR, NOON, make_command

DOOR = Workflow({("open", "close"): "closed", ("closed", "open"): "open", ("closed", "lock"): "locked"})


def test_a_table_says_where_an_action_leads():
    assert DOOR.target("closed", "lock") == "locked"
    assert DOOR.actions("closed") == ("open", "lock")
    assert DOOR.actions("locked") == ()
    assert DOOR.states() == {"open", "closed", "locked"}


@pytest.mark.parametrize(("state", "action"), [("open", "lock"), ("locked", "open"), ("open", "paint"), ("", "close")])
def test_what_the_table_does_not_say_is_a_conflict(state, action):
    with pytest.raises(Conflict, match="reload"):
        DOOR.target(state, action)


@pytest.mark.parametrize(
    ("workflow", "states", "first"),
    [(JOB_WORKFLOW, JobState, JobState.PENDING), (COMMAND_WORKFLOW, CommandState, CommandState.PENDING)],
)
def test_every_state_can_be_reached_and_every_target_is_one(workflow, states, first):
    reached = {str(first)}
    while more := {target for (state, _action), target in workflow.moves.items() if state in reached} - reached:
        reached |= more

    assert reached == set(states.values)


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "action"), list(COMMAND_WORKFLOW.moves))
def test_each_legal_move_is_written_with_its_time_and_changes(state, action):
    command = make_command(state=state)

    command.move(action, at=NOON + HOUR, error="why")

    stored = ShopCommand.objects.get()
    assert stored.state == command.state == COMMAND_WORKFLOW.target(state, action)
    assert stored.state_since == command.state_since == NOON + HOUR
    assert stored.error == command.error == "why"


@pytest.mark.django_db
def test_no_illegal_move_changes_anything():
    actions = {action for _state, action in COMMAND_WORKFLOW.moves}
    for state in CommandState.values:
        command = make_command(state=state)
        for action in actions - set(COMMAND_WORKFLOW.actions(state)):
            with pytest.raises(Conflict):
                command.move(action, at=NOON + HOUR)
        command.refresh_from_db()
        assert (command.state, command.state_since) == (state, NOON)


@pytest.mark.django_db
def test_the_slower_of_two_gets_a_conflict_and_changes_nothing():
    command = make_command(state=CommandState.FAILED)
    stale = ShopCommand.objects.get()
    command.move("retry", at=NOON)

    with pytest.raises(Conflict, match="meanwhile"):
        stale.move("retry", at=NOON + HOUR, error="mine")

    stored = ShopCommand.objects.get()
    assert (stored.state, stored.state_since, stored.error) == (CommandState.PENDING, NOON, "")
    assert stale.state == CommandState.FAILED
