from django.urls import path

from apps.products import views

urlpatterns = [
    path("products", views.ProductCollection.as_view()),
    path("products/<int:pk>", views.ProductDetail.as_view()),
    path("products/<int:pk>/restore", views.ProductRestore.as_view()),
    path("products/<int:pk>/stock", views.ProductStock.as_view()),
    path("products/<int:pk>/stock-movements", views.ProductStockMovements.as_view()),
]
