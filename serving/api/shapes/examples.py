"""Examples for the API's documentation. A test validates each against its model."""

from typing import Any

CONTRIBUTIONS: dict[str, Any] = {
    "name": "contribution_months",
    "title": "Months of social-insurance contributions",
    "value": 240,
    "text": "240",
    "register_id": "social_insurance",
    "register_title": "National insurance database",
    "as_of": "2026-11-23",
}
OFFER: dict[str, Any] = {
    "id": "of-3b1e",
    "subject_id": "s-7f3a9c21d4e8",
    "subject_kind": "person",
    "occasion_id": "oc-91c2",
    "milestone": "retirement",
    "milestone_title": "Retirement",
    "milestone_kind": "due",
    "procedure": "ret.pension",
    "title": "Monthly pension",
    "why": "Your pension can start on 1 June 2027.",
    "language": "en",
    "rank": 1,
    "eligibility": "yes",
    "terms": [
        {
            "rule": "contribution_months >= 180",
            "answer": "yes",
            "facts": [CONTRIBUTIONS],
        }
    ],
    "due_on": "2027-06-01",
    "probability": 1.0,
    "deadline": "2027-05-31",
    "days_left": 187,
    "deadline_law": "Law on Social Insurance 41/2024 art 64",
    "entitlement_from": "2027-06-01",
    "papers": [
        {
            "need": "insurance_record",
            "title": "Social-insurance record",
            "held": True,
            "register_id": "social_insurance",
            "register_title": "National insurance database",
            "fact": CONTRIBUTIONS,
        },
        {
            "need": "application",
            "title": "Application form",
            "held": False,
            "register_id": None,
            "register_title": None,
            "fact": None,
        },
    ],
    "authority": "Ministry of Home Affairs",
    "office": "Provincial or local social-insurance office",
    "processing": "12 working days",
    "fee": "Free of charge",
    "link": None,
    "code": "1.014171",
    "law": ["Law on Social Insurance 41/2024 art 64"],
    "verified": True,
    "instead": None,
    "one_for_all": None,
    "review_on": "2027-06-01",
    "created_at": "2026-11-25T03:00:00Z",
    "state": "open",
    "answer": None,
    "answered_at": None,
    "until": None,
    "may_answer": ["done", "not_for_me", "wrong", "later"],
}
EXPLANATION: dict[str, Any] = {
    "subject_id": "s-7f3a9c21d4e8",
    "kind": "person",
    "as_of": "2026-11-25",
    "language": "en",
    "alive": True,
    "says": ["As the registers knew it on 25 November 2026."],
    "told_through": [],
    "recipient_id": "s-7f3a9c21d4e8",
    "procedures": [
        {
            "procedure": "ret.pension",
            "title": "Monthly pension",
            "outlook": "not_now",
            "result": "Not yet",
            "says": ["Something is still missing. It can come with time."],
            "quiet": False,
            "verified": True,
            "office": "Provincial or local social-insurance office",
            "ways": [
                {
                    "milestone": "retirement",
                    "milestone_title": "Retirement",
                    "outlook": "not_now",
                    "result": "Not yet",
                    "conditions": [
                        {
                            "answer": "no",
                            "says": "Months of social-insurance contributions: 168. Needed: at least 180. 12 more.",
                            "rule": "contribution_months >= 180",
                        }
                    ],
                    "trigger": {
                        "kind": "due",
                        "state": "active",
                        "says": ["Day the pension can start: 1 May 2027. We suggest it from 1 November 2026 on."],
                        "occurred_on": None,
                        "recorded_on": None,
                        "settles_at": None,
                        "due_on": "2027-05-01",
                        "from_day": "2026-11-01",
                        "until_day": "2028-05-01",
                        "chance": None,
                        "threshold": None,
                        "model": None,
                    },
                    "when": [],
                    "who": [
                        {
                            "rule": "contribution_months >= 180",
                            "answer": "no",
                            "says": "Months of social-insurance contributions: 168. Needed: at least 180. 12 more.",
                            "facts": [CONTRIBUTIONS | {"value": 168, "text": "168"}],
                            "grounds": [],
                            "changes": [
                                {
                                    "name": "contribution_months",
                                    "now": 168,
                                    "needs": [{"comparator": "at_least", "values": [180], "like": None}],
                                    "missing": 12,
                                    "from_day": None,
                                    "until_day": None,
                                }
                            ],
                        }
                    ],
                    "done": [],
                    "opens_on": None,
                    "fates": [
                        {
                            "occasion_id": "oc-91c2",
                            "detected_at": "2026-11-25T03:00:00Z",
                            "detector": "rule:6c1b2f0a9d3e",
                            "state": "open",
                            "says": ["Noticed on 25 November 2026, 10:00."],
                            "messages": [],
                            "offered": False,
                            "answer": None,
                            "answered_at": None,
                            "until": None,
                        }
                    ],
                }
            ],
        }
    ],
}
MESSAGE: dict[str, Any] = {
    "id": "no-52aa",
    "occasion_id": "oc-91c2",
    "milestone": "retirement",
    "title": "Your pension can start on 1 June 2027",
    "body": "Two procedures may be of use to you. Nothing is decided without you.",
    "language": "en",
    "delivered_at": "2026-11-25T03:00:00Z",
    "read_at": None,
}
MILESTONE: dict[str, Any] = {
    "id": "retirement",
    "title": "Retirement",
    "why": "Your pension can start on {pension_entitlement_from}.",
    "kind": "due",
    "subject": "person",
    "sensitivity": "ordinary",
    "life_event": "RET",
    "law": ["Labour Code 2019 art 169"],
    "procedures": ["ret.pension"],
    "verified": True,
}
PROCEDURE: dict[str, Any] = {
    "id": "ret.pension",
    "title": "Monthly pension",
    "authority": "Ministry of Home Affairs",
    "office": "Provincial or local social-insurance office",
    "level": "province",
    "group": "Hưu trí",
    "subject": "person",
    "essential": True,
    "proactivity": "L2",
    "code": "1.014171",
    "milestones": ["retirement"],
    "law": ["Law on Social Insurance 41/2024 art 64"],
    "verified": True,
}
PROCEDURE_IN_FULL: dict[str, Any] = PROCEDURE | {
    "who": "contribution_months >= 180 and not draws_pension",
    "unprompted": None,
    "needs": [
        {
            "id": "insurance_record",
            "title": "Social-insurance record",
            "register_id": "social_insurance",
            "register_title": "National insurance database",
        }
    ],
    "deadline": {
        "after": "pension_entitlement_from",
        "period": "P30D",
        "count": "calendar",
        "kind": "entitlement",
        "law": "Law on Social Insurance 41/2024",
    },
    "processing": {"days": 12, "checked": None, "count": "working"},
    "fee": {"vnd": 0},
    "codes": [{"code": "1.014171", "valid_from": None, "valid_to": None, "replaced_by": None}],
    "link": None,
    "source": None,
}
COVERAGE: dict[str, Any] = {
    "as_of": "2026-11-25",
    "simulated": True,
    "catalogues": [
        {
            "id": "essential",
            "title": {"vi": "Dịch vụ thiết yếu", "en": "Essential services"},
            "services": 27,
            "proactive": 3,
            "if_confirmed": 8,
            "share": 0.111,
            "target": 0.5,
        }
    ],
    "steps": [
        {
            "step": "audit",
            "todo": {"vi": "Kiểm tra ít nhất 73 tin báo của dịch vụ.", "en": "Audit at least 73 of its notices."},
            "services": 113,
            "essential": 24,
        }
    ],
    "road": [
        {
            "id": "child.hi_card",
            "title": {"vi": "Thẻ bảo hiểm y tế cho trẻ", "en": "Health insurance card for a child"},
            "essential": True,
            "people": 310,
            "benefit": 4,
            "value": 1240.0,
            "steps_left": 1,
            "steps": [
                {
                    "step": "audit",
                    "lacks": {
                        "vi": "Mới kiểm tra 40 tin báo; cần ít nhất 73 tin để kết luận.",
                        "en": "Only 40 notices audited; at least 73 are needed to tell.",
                    },
                    "todo": {
                        "vi": "Kiểm tra ít nhất 73 tin báo của dịch vụ.",
                        "en": "Audit at least 73 of its notices.",
                    },
                }
            ],
        }
    ],
    "services": [
        {
            "id": "ret.pension",
            "title": {"vi": "Hưởng lương hưu", "en": "Monthly pension"},
            "code": "1.014171",
            "essential": True,
            "level": "L2",
            "eligible": 240,
            "reached": 236,
            "reach": 0.983,
            "reach_low": 0.958,
            "precision": 0.996,
            "precision_low": 0.977,
            "verdict": "meets",
            "steps_left": 0,
            "steps": [],
            "lacks": [],
        }
    ],
}
APPLICATION: dict[str, Any] = {
    "offer": "of-3b1e",
    "procedure": "ret.pension",
    "code": "1.014171",
    "subject_id": "s-7f3a9c21d4e8",
    "prepared_on": "2026-11-25",
    "items": {
        "insurance_record": {"value": 240, "register_id": "social_insurance", "as_of": "2026-11-24"},
        "application": None,
    },
    "missing": ["application"],
}
ONCE_ONLY: dict[str, Any] = {
    "required": 2,
    "held": 1,
    "items": [
        {
            "procedure": "ret.pension",
            "title": "Monthly pension",
            "essential": True,
            "required": 2,
            "held": 1,
            "share": 0.5,
        }
    ],
}
