from django.db import migrations, models

import apps.common.columns


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_lists_by_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='NameWord',
            fields=[
                ('text', apps.common.columns.ExactCharField(max_length=200, primary_key=True, serialize=False)),
            ],
            options={
                'verbose_name': 'word of a name',
                'verbose_name_plural': 'words of names',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NameTail',
            fields=[
                ('pk', models.CompositePrimaryKey('word', 'rest', 'customer_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('word', apps.common.columns.ExactCharField(max_length=200)),
                ('rest', apps.common.columns.OrderedCharField(max_length=24)),
                ('customer_id', models.BigIntegerField(db_index=True)),
                ('deleted', models.BooleanField()),
            ],
            options={
                'verbose_name': 'tail of a name',
                'verbose_name_plural': 'tails of names',
                'default_permissions': (),
            },
        ),
    ]
