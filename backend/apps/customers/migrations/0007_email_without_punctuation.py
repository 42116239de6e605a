from functools import reduce

from django.db import migrations, models
from django.db.models.functions import Replace

import apps.common.columns

MARKS = "!#$%&'*+-/=?^_`{|}~.@"


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0006_indexes_that_count'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='email_bare',
            field=models.GeneratedField(
                db_persist=True,
                expression=reduce(lambda text, mark: Replace(text, models.Value(mark)), MARKS, models.F('email')),
                output_field=apps.common.columns.ExactCharField(max_length=254, null=True),
            ),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['email_bare'], name='customer_by_email_bare'),
        ),
        migrations.RemoveIndex(
            model_name='customer',
            name='customer_by_email',
        ),
    ]
