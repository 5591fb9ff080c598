"""Pure decisions: who may have what, what is offered, whether a person may be told now."""
