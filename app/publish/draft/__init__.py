"""DRAFT: from a table to a data set's folder that can be published as it is.

layouts     recommended layouts and the words of headings, from `vocab/layouts/`
recognition which layout a header has, how sure that is, and what differs
columns     what every column becomes, with reasons
keys        which columns tell the things apart
regions     where the things are
beside      an item table, a Data Package or CSVW metadata beside the file
drafting    all of that for one table
modelling   the meanings as nodes and properties of the IMI core vocabulary
placing     coordinates where they are, and in which datum
no_things   rows that are sums or headings
composing   the mapping as YARRRML with comments (pieces, combining, mapping_draft)
describing  the description as a Data Package
folder      the files, written whole or not at all
"""

from app.publish.draft.drafting import Draft, draft_table
from app.publish.draft.folder import DraftedFolder, draft_folder

__all__ = ["Draft", "DraftedFolder", "draft_folder", "draft_table"]
