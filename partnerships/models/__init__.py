from partnerships.models.agencies import AgencyBrief
from partnerships.models.approval import ContractApproval
from partnerships.models.checklist import ChecklistItem
from partnerships.models.closing import ClosingAgreement
from partnerships.models.comments import ContractComment
from partnerships.models.contract import (
    Contract,
    ContractRow,
    ContractSignature,
    ContractTurn,
    ContractVersion,
    ContractWording,
    FileState,
)
from partnerships.models.funding import FundingRequest, FundingStep
from partnerships.models.how_we_work import HowWeWork, WorkPaper, WorkQuestion, WorkStep
from partnerships.models.interests import (
    Interest,
    InterestAsk,
    InterestDecision,
    InterestDecisionAgreement,
    InterestDeclaration,
    projects_asking,
)
from partnerships.models.invitation import ProjectInvitation
from partnerships.models.participation import Participation, ProjectPerson
from partnerships.models.plan import PlanAgreement, PlanPart, PlanSuggestion
from partnerships.models.project import (
    REFERENCE_ALPHABET,
    Project,
    new_reference,
    project_called,
    read_partners,
)
from partnerships.models.questions import ContractQuestion
from partnerships.models.signatures import scans_to_confirm
from partnerships.models.talk import (
    TalkAnswer,
    TalkDraft,
    TalkEntry,
    TalkFile,
    TalkMail,
    TalkNamed,
    TalkWording,
)
from partnerships.models.texts import ContractText
from partnerships.models.time import TimeRequest
from partnerships.models.transfer import ImportRun, Transfer
from partnerships.models.turn import (
    FOR_PARTNERS,
    NUDGE_DAYS,
    WORKING,
    Turn,
    with_open_turns,
    with_turns,
    with_your_turn,
)
from partnerships.models.uses import UsePermission

__all__ = [
    "FOR_PARTNERS",
    "NUDGE_DAYS",
    "REFERENCE_ALPHABET",
    "WORKING",
    "AgencyBrief",
    "ChecklistItem",
    "ClosingAgreement",
    "Contract",
    "ContractApproval",
    "ContractComment",
    "ContractQuestion",
    "ContractRow",
    "ContractSignature",
    "ContractText",
    "ContractTurn",
    "ContractVersion",
    "ContractWording",
    "FileState",
    "FundingRequest",
    "FundingStep",
    "HowWeWork",
    "ImportRun",
    "Interest",
    "InterestAsk",
    "InterestDecision",
    "InterestDecisionAgreement",
    "InterestDeclaration",
    "Participation",
    "PlanAgreement",
    "PlanPart",
    "PlanSuggestion",
    "Project",
    "ProjectInvitation",
    "ProjectPerson",
    "TalkAnswer",
    "TalkDraft",
    "TalkEntry",
    "TalkFile",
    "TalkMail",
    "TalkNamed",
    "TalkWording",
    "TimeRequest",
    "Transfer",
    "Turn",
    "UsePermission",
    "WorkPaper",
    "WorkQuestion",
    "WorkStep",
    "new_reference",
    "project_called",
    "projects_asking",
    "read_partners",
    "scans_to_confirm",
    "with_open_turns",
    "with_turns",
    "with_your_turn",
]
