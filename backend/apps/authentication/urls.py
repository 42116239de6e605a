from django.urls import path

from apps.authentication import views

urlpatterns = [
    path("auth/register", views.Register.as_view()),
    path("auth/jwt/login", views.TokenLogin.as_view()),
    path("auth/jwt/refresh", views.TokenRefresh.as_view()),
    path("auth/jwt/logout", views.TokenLogout.as_view()),
    path("auth/session/login", views.SessionLogin.as_view()),
    path("auth/session/logout", views.SessionLogout.as_view()),
    path("auth/me", views.Me.as_view()),
    path("auth/me/password", views.MyPassword.as_view()),
    path("users", views.UserCollection.as_view()),
    path("users/<int:pk>", views.UserDetail.as_view()),
]
