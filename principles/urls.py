"""Addresses of the guide."""

from django.urls import path

from principles import views

app_name = "principles"

urlpatterns = [
    path("guide/", views.guide, name="guide"),
    path("guide/words/", views.words, name="words"),
    path("guide/<slug:code>/", views.principle_detail, name="principle_detail"),
]
