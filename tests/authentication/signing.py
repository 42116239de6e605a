"""What a token claims, and tokens that anybody could sign."""

import jwt
from django.conf import settings


def claims_of(token):
    return jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"])


def signed(claims, key=None, algorithm="HS256"):
    return jwt.encode(claims, settings.SECRET_KEY if key is None else key, algorithm=algorithm)
