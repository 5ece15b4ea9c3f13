"""The line above and the line below: where the learner is, and what the keys do."""
