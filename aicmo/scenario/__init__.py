"""What a person writes: scenario files, their schema, and the sentences about what is wrong in them."""
