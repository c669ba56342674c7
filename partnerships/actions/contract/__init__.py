"""Contracts: written by either side, sent to and fro, signed by every partner."""

from partnerships.actions.contract.amending import CannotTakeUp, start_amendment, take_up
from partnerships.actions.contract.approving import (
    CannotApprove,
    CannotDate,
    ChangedBeforeApproval,
    NotReadyToApprove,
    approve_contract,
    why_not,
)
from partnerships.actions.contract.checking import CannotAnswer, NeedsReason, answer_checklist, change_kind
from partnerships.actions.contract.commenting import (
    CannotComment,
    change_comment,
    comment_on_row,
    withdraw_comment,
)
from partnerships.actions.contract.confirming import CannotConfirmRow, confirm_rows
from partnerships.actions.contract.dropping import (
    CannotDropContract,
    ChangedSinceShown,
    drop_contract,
    is_known_to_others,
)
from partnerships.actions.contract.files import add_version, check_held_files
from partnerships.actions.contract.giving import (
    CannotGive,
    give_contract,
    take_contract_back,
    who_may_have_it,
)
from partnerships.actions.contract.questions import (
    CannotAnswerQuestion,
    CannotAsk,
    answer_question,
    ask_about_row,
    ask_question_again,
    settle_question,
)
from partnerships.actions.contract.reading import read_files
from partnerships.actions.contract.shared import (
    OVER,
    ChangedElsewhere,
    ChangedSince,
    ClearsSignatures,
    ContractIsClosed,
)
from partnerships.actions.contract.signing import (
    CannotConfirm,
    CannotSign,
    ChangedSinceRead,
    InterestsNotDeclared,
    NoScan,
    NotReadyToSign,
    Proof,
    confirm_scan,
    record_signature,
    remove_signature,
    sign_contract,
)
from partnerships.actions.contract.stages import contract_blocks
from partnerships.actions.contract.writing import (
    MAY_START,
    CannotSendContract,
    CannotStartContract,
    edit_contract,
    send_contract,
    start_contract,
    write_rows,
)

__all__ = [
    "MAY_START",
    "OVER",
    "CannotAnswer",
    "CannotAnswerQuestion",
    "CannotApprove",
    "CannotAsk",
    "CannotComment",
    "CannotConfirm",
    "CannotConfirmRow",
    "CannotDate",
    "CannotDropContract",
    "CannotGive",
    "CannotSendContract",
    "CannotSign",
    "CannotStartContract",
    "CannotTakeUp",
    "ChangedBeforeApproval",
    "ChangedElsewhere",
    "ChangedSince",
    "ChangedSinceRead",
    "ChangedSinceShown",
    "ClearsSignatures",
    "ContractIsClosed",
    "InterestsNotDeclared",
    "NeedsReason",
    "NoScan",
    "NotReadyToApprove",
    "NotReadyToSign",
    "Proof",
    "add_version",
    "answer_checklist",
    "answer_question",
    "approve_contract",
    "ask_about_row",
    "ask_question_again",
    "change_comment",
    "change_kind",
    "check_held_files",
    "comment_on_row",
    "confirm_rows",
    "confirm_scan",
    "contract_blocks",
    "drop_contract",
    "edit_contract",
    "give_contract",
    "is_known_to_others",
    "read_files",
    "record_signature",
    "remove_signature",
    "send_contract",
    "settle_question",
    "sign_contract",
    "start_amendment",
    "start_contract",
    "take_contract_back",
    "take_up",
    "who_may_have_it",
    "why_not",
    "withdraw_comment",
    "write_rows",
]
