import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='product',
            name='runs_low',
            field=models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(models.Q(('low_stock_threshold__gte', django.db.models.expressions.CombinedExpression(models.F('on_hand'), '-', models.F('reserved')))), output_field=models.BooleanField(null=True)), output_field=models.BooleanField(null=True)),
        ),
        migrations.AlterField(
            model_name='product',
            name='deleted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['name_folded', 'id', 'sku_bare', 'deleted_at'], name='product_search'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['is_active', 'created_at', 'id'], name='product_by_activity'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['runs_low', 'created_at', 'id'], name='product_running_low'),
        ),
        migrations.RemoveIndex(
            model_name='product',
            name='product_by_name',
        ),
    ]
