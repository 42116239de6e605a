from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0007_email_without_punctuation'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='customer',
            name='customer_has_name',
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=GreaterThan(Length('name'), 0), name='customer_has_name'),
        ),
    ]
