from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_lists_by_index'),
        ('orders', '0002_imported_customers'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['status', 'placed_at', 'id'], name='order_by_status_and_placing'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['customer', 'placed_at', 'id'], name='order_by_customer_and_placing'),
        ),
        migrations.RemoveIndex(
            model_name='order',
            name='order_by_status',
        ),
        migrations.RemoveIndex(
            model_name='order',
            name='order_by_customer',
        ),
    ]
