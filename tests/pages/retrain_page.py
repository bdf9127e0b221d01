"""What the tests of the retrain page read and press."""

from training.runs import jobs


def html(app):
    return "\n".join(element.proto.body for element in app.get("html"))


def labels(app):
    return {button.label for button in app.button}


def address(app, name):
    """Return a parameter of the address, which a test gives as a list and a page as a text."""
    told = app.query_params[name]
    return told[0] if isinstance(told, list) else told


def click(app, label):
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def queued():
    return [turn.run_id for turn in jobs.queue_of_runs("own-machine")]
