from django.urls import path

from apps.orders import views

urlpatterns = [
    path("orders", views.OrderCollection.as_view()),
    path("orders/batch", views.OrderBatch.as_view()),
    path("orders/<int:pk>", views.OrderDetail.as_view()),
    path("orders/<int:pk>/status", views.OrderStatus.as_view()),
    path("orders/<int:pk>/events", views.OrderEvents.as_view()),
]
