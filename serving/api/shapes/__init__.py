"""What goes over the wire: the domain's values in one language, without what a person need not see."""
