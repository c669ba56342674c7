"""What a fresh database takes: all tables of an app at once. (Django reads no migration from a name with this start.)"""

from django.db.migrations.operations.base import Operation


class CreateTogether(Operation):
    """Creates several models, which may refer to each other in any order.

    Once the models of a state are rendered, Django renders all that are related again for every model that is added:
    with sixty of them that takes far longer than to create their tables. Here they are rendered once, when all are in.

    Arguments:
        operations: a `CreateModel` for each of them. One that others refer to comes first, where that is possible:
            going back deletes their tables in the reverse order.
    """

    serialization_expand_args = ["operations"]

    def __init__(self, operations):
        self.operations = operations

    def state_forwards(self, app_label, state):
        # The cached property: it is worked out anew when somebody asks for it.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return "Create " + ", ".join(operation.name for operation in self.operations)
