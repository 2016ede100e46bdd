"""Operations on engagements. Each takes ``by``, the user who acts; None means the system, for example the demo."""
