from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0004_listed_as'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='unlisted',
            field=models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(models.Q(models.Q(('listed_name', models.F('name_folded')), _negated=True), models.Q(('deleted_at__isnull', True), ('listed_deleted', True)), models.Q(('deleted_at__isnull', False), ('listed_deleted', False)), _connector='OR'), output_field=models.BooleanField()), output_field=models.BooleanField()),
        ),
    ]
