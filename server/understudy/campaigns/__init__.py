"""Getting conversations done: what a worker does with one, and the engines that hand them out."""
