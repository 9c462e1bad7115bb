"""The portal's addresses; ``core.links`` makes the absolute ones that stand in mails."""

from __future__ import annotations

from django.urls import path, re_path

from saleor_aftercare.portal import (
    access,
    errors,
    followups,
    gifts,
    messages,
    orders,
    parts,
    policy,
    repairs,
    return_actions,
    return_form,
    returns,
    session,
    unsubscribe,
)

app_name = "portal"

urlpatterns = [
    path("", access.front, name="front"),
    path("session", session.hand_over, name="session"),
    path("enter/<str:code>/", session.enter, name="enter"),
    path("language/", session.switch_language, name="language"),
    path("<slug:handle>/", access.start, name="start"),
    path("<slug:handle>/code/", access.code, name="code"),
    path("<slug:handle>/policy/", policy.policy, name="policy"),
    path("<slug:handle>/sign-out/", session.sign_out, name="sign_out"),
    path("<slug:handle>/orders/", orders.order_list, name="orders"),
    path("<slug:handle>/orders/<str:number>/", orders.order_detail, name="order"),
    path(
        "<slug:handle>/orders/<str:number>/parcels/<int:parcel>/arrived/",
        orders.parcel_arrived,
        name="parcel_arrived",
    ),
    path("<slug:handle>/orders/<str:number>/message/", messages.write_about_order, name="order_message"),
    path("<slug:handle>/orders/<str:number>/gift/", gifts.share, name="gift_share"),
    path("<slug:handle>/gift/", gifts.front, name="gift"),
    path("<slug:handle>/gift/<str:token>/", gifts.door, name="gift_door"),
    path("<slug:handle>/gift/<str:token>/code/", gifts.code, name="gift_code"),
    path("<slug:handle>/orders/<str:number>/return/", return_form.items, name="return_start"),
    path("<slug:handle>/orders/<str:number>/return/<str:key>/", return_form.items, name="return_items"),
    path(
        "<slug:handle>/orders/<str:number>/return/<str:key>/reasons/",
        return_form.reasons,
        name="return_reasons",
    ),
    path(
        "<slug:handle>/orders/<str:number>/return/<str:key>/resolution/",
        return_form.resolution,
        name="return_resolution",
    ),
    path("<slug:handle>/orders/<str:number>/return/<str:key>/check/", return_form.check, name="return_check"),
    path("<slug:handle>/orders/<str:number>/repair/", repairs.ask, name="repair_start"),
    path("<slug:handle>/orders/<str:number>/part/", parts.ask, name="part_start"),
    path("<slug:handle>/returns/<str:number>/", returns.status, name="return_status"),
    path("<slug:handle>/returns/<str:number>/answer/", return_actions.answer, name="return_answer"),
    path("<slug:handle>/returns/<str:number>/photos/", return_actions.photos, name="return_photos"),
    path("<slug:handle>/returns/<str:number>/sent/", return_actions.sent, name="return_sent"),
    path("<slug:handle>/returns/<str:number>/renew/", return_actions.renew, name="return_renew"),
    path("<slug:handle>/returns/<str:number>/label/", return_actions.label, name="return_label"),
    path("<slug:handle>/returns/<str:number>/cancel/", return_actions.cancel, name="return_cancel"),
    path("<slug:handle>/returns/<str:number>/message/", return_actions.write, name="return_message"),
    path("<slug:handle>/repairs/<str:number>/", repairs.status, name="repair_status"),
    path("<slug:handle>/repairs/<str:number>/cancel/", repairs.cancel, name="repair_cancel"),
    path("<slug:handle>/repairs/<str:number>/message/", repairs.write, name="repair_message"),
    path("<slug:handle>/parts/<str:number>/", parts.status, name="part_status"),
    path("<slug:handle>/parts/<str:number>/cancel/", parts.cancel, name="part_cancel"),
    path("<slug:handle>/parts/<str:number>/message/", parts.write, name="part_message"),
    path("<slug:handle>/arrival/<str:token>/", followups.arrival, name="arrival"),
    path("<slug:handle>/unsubscribe/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    re_path(r"^.*$", errors.missing),
]
