from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0005_unlisted'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['created_at', 'id', 'deleted_at'], name='customer_newest_covering'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['city_folded', 'deleted_at', 'id'], name='customer_by_city'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['unlisted', 'name_folded', 'deleted_at'], name='customer_unlisted'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['state', 'created_at', 'id', 'deleted_at'], name='customer_by_state_covering'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['is_active', 'created_at', 'id', 'deleted_at'], name='customer_by_activity_covering'),
        ),
        migrations.RemoveIndex(
            model_name='customer',
            name='customer_newest',
        ),
        migrations.RemoveIndex(
            model_name='customer',
            name='customer_by_state',
        ),
        migrations.RemoveIndex(
            model_name='customer',
            name='customer_by_activity',
        ),
    ]
