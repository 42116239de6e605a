from django.db import migrations, models

import apps.common.columns


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_names_listed'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='listed_deleted',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='customer',
            name='listed_name',
            field=apps.common.columns.ExactCharField(db_default='', default='', editable=False, max_length=200),
        ),
    ]
