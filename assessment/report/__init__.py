"""What leaves the product: a result as a document another program reads, and as a table a person opens.

Everything is made from a published result (`scoring.result`), never from answers, except for the one person of a solo
assessment, whose answers are their own.
"""
