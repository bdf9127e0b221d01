from model_store import list_cards
from training.knobs import OFFERS
from training.recipes import RECIPES
from training.scores import read_scores


def test_every_recipe_on_offer_has_a_score_or_a_shipped_model():
    scores, shipped = read_scores(), {card.recipe for card in list_cards("samples")}
    assert scores.keys() | shipped >= OFFERS.keys()
    assert scores.keys() <= RECIPES.keys()
    assert all(0.84 < score.denoised_accuracy < 0.92 for score in scores.values())
