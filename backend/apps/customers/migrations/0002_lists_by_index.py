from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='customer',
            name='deleted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['name_folded', 'id', 'city_folded', 'deleted_at'], name='customer_search'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['is_active', 'created_at', 'id'], name='customer_by_activity'),
        ),
        migrations.RemoveIndex(
            model_name='customer',
            name='customer_by_name',
        ),
    ]
