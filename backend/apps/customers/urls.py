from django.urls import path

from apps.customers import views

urlpatterns = [
    path("customers", views.CustomerCollection.as_view()),
    path("customers/<int:pk>", views.CustomerDetail.as_view()),
    path("customers/<int:pk>/restore", views.CustomerRestore.as_view()),
]
