"""English."""

from typing import Final

from .base import Words

EN: Final = Words(
    language_name="English",
    skip="Skip to the content",
    languages="Language",
    back_to_shop="Back to the shop",
    error="Error:",
    one_problem="There is a problem",
    problems="There are {n} problems",
    to_returns="To returns and orders",
    title="Withdraw from a contract",
    lead=(
        "Consumers can withdraw from a contract within {days} days without giving any reason."
        " You see your statement once more before it counts."
    ),
    name="Your name",
    name_hint="As in the order.",
    contract="Order number",
    contract_hint="Or whatever else identifies the contract. You find it in your order confirmation.",
    email="E-mail address",
    email_hint="We send the acknowledgement of receipt there at once. Best the one you ordered with.",
    signed_in_as="The acknowledgement of receipt goes to {email}.",
    scope="What do you withdraw from?",
    whole="The whole contract",
    some="Only some of the goods",
    goods="Which goods?",
    goods_hint="Name and number of pieces are enough. No reason is needed.",
    go_on="Look at the statement",
    which_order="Which order is it?",
    no_orders="We know of no order of yours that you could withdraw from. You can still name one:",
    another_order="Another contract",
    order="Order {number}",
    ordered_on="ordered on {date}",
    declared_already="You declared withdrawal {number} for this order.",
    units="of {most}",
    not_before_delivery="The period ends {days} days after the last goods have arrived; it has not begun yet.",
    until="You can withdraw until {date}.",
    until_estimated="You can withdraw until {date} at least; we do not know yet when the goods arrived.",
    over="As far as we know, the period ended on {date}. You can send the statement all the same.",
    excepted="No right to withdraw:",
    exceptions={
        "custom_made": "This was made to your specifications or clearly personalised.",
        "perishable": "This deteriorates or expires rapidly.",
        "digital": (
            "This digital content was supplied with your consent and your acknowledgement that the right is lost."
        ),
    },
    conditions={
        "hygiene": "Only as long as the seal is unbroken: for reasons of health and hygiene.",
        "sealed_media": "Only as long as the seal is unbroken: sealed recordings or software.",
        "gift_card": "Only as long as the gift card has not been used.",
    },
    check="Check and confirm",
    check_lead="This is your statement. It counts as soon as you press the button below; nothing has been sent yet.",
    statement_whole="I hereby withdraw from the whole contract that I concluded with {shop}, order number {contract}.",
    statement_goods=(
        "I hereby withdraw from the contract that I concluded with {shop}, order number {contract},"
        " for the following goods:"
    ),
    statement_line="{quantity} × {goods}",
    statement_name="Name: {name}",
    statement_email="Acknowledgement of receipt to: {email}",
    change="Change something",
    done="We have received your withdrawal",
    done_lead="Your statement reached us on {moment}. The acknowledgement of receipt is on its way to {email}.",
    done_mail=(
        "No mail after some minutes? Look in the spam folder. Your statement counts all the same: keep this page."
    ),
    number="Number",
    received="Received",
    contract_short="Contract",
    next="What happens next",
    step_look="We look up your order and write to you. There is nothing to justify, and nobody has to approve it.",
    step_send_back=(
        "Send back what you have received by {date} at the latest. Whatever is not on its way yet, you need not take."
    ),
    step_customer_pays="You bear the direct cost of sending the goods back, unless we offer to bear it.",
    step_merchant_pays="We bear the cost of sending the goods back.",
    step_refund=(
        "We pay back all that you paid, with standard delivery, by {date} at the latest"
        " and by the means of payment that you used."
    ),
    step_withhold="Until the goods are back, or you have shown that you sent them, we may wait with the refund.",
    address="Address for the goods",
    none="No statutory right to withdraw",
    none_text=(
        "The law of the countries that {shop} delivers to gives no general right to withdraw from an order placed"
        " at a distance. The shop's own rules for returns apply."
    ),
    status="Withdrawal {number}",
    state_unmatched="Received; we are looking up your order",
    state_open="In force",
    state_settled="Completed",
    state_out_of_scope="No right to withdraw",
    statement="Your statement",
    covers="It covers",
    refund_by="Refund at the latest on",
    send_back_by="Send back by",
    return_page="Return {number}: label and progress",
    proof="I have sent the goods",
    proof_lead="With a proof of sending we no longer wait for the parcel before we pay back.",
    proof_tracking="Tracking number",
    proof_files="Receipt of the carrier",
    proof_files_hint="A photo or a PDF, 10 MB at most.",
    proof_send="Send the proof",
    proof_thanks="Thank you. We have noted that the goods are on their way.",
    proof_missing="Enter the tracking number, or add the receipt.",
    more="Do more",
    more_lead="To get the label, or to tell us that you sent the goods, confirm that it is you. We send you a code.",
    sign_in="Confirm that it is me",
    missing_name="Please enter your name.",
    missing_contract="Please enter the order number, or what else identifies the contract.",
    missing_email="Please enter your e-mail address.",
    bad_email="This is not an e-mail address, such as name@example.com.",
    missing_goods="Please say which goods you mean.",
    missing_scope="Please choose what you withdraw from.",
    missing_order="Please choose an order.",
    choose_units="Please choose at least one piece.",
    bad_units="Please choose a number from 0 to {most}.",
    too_long="At most {limit} characters.",
    no_addresses="Please leave web addresses out of this field.",
    too_often=(
        "So many statements have come from here that we have to wait a little. A mail to us counts just as much;"
        " or try again in some minutes."
    ),
    form_too_old="This form was open for very long. Please look at your statement once more.",
    try_again="Start again",
    greeting="Hello {name},",
    greeting_nobody="Hello,",
    footer="{shop} sent you this message because a withdrawal was declared with your e-mail address.",
    instructions="Information on the right of withdrawal",
    see="See your withdrawal",
    ack_subject="Acknowledgement of receipt: your withdrawal {number}",
    ack="We have received your withdrawal",
    ack_intro="We acknowledge the receipt of your withdrawal. You declared it on {moment}.",
    ack_words="Your statement, word for word:",
    ack_not_you="Was it not you? Then please answer this message.",
    force_subject="Your withdrawal {number}: what happens now",
    force="Your withdrawal is in force",
    force_intro="We have found your order {order}. Your withdrawal covers:",
    force_excepted="Not covered, because the law excepts it:",
    force_unsent="Whatever we have not sent yet, we do not send any more.",
    force_label="The return has the number {number}. Label and instructions come in a message of their own.",
    scope_subject="About your withdrawal {number}",
    out="There is no right to withdraw here",
    out_intro="We have looked at your statement. There is no right to withdraw here, for this reason:",
    out_rights=(
        "Your other rights, such as those for faulty goods, are not touched by this."
        " Do you see it differently? Then please answer this message."
    ),
)
