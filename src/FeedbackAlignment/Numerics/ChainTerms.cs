namespace FeedbackAlignment.Numerics;

/// <summary>Where the chains of a product start, and what becomes of their ends.</summary>
/// <param name="Accumulate">Whether they start from what is in the result's place.</param>
/// <param name="Begin">1 × columns, row-major: what they start from in every row, if not from there; no rows: 0.</param>
/// <param name="Finish">What to do with each finished piece, while it is in the cache; null: nothing.</param>
/// <param name="AreFar">
/// Whether what is in the result's place is so much, or has waited for so long, that it has to come from far. It changes the time alone.
/// </param>
internal readonly record struct ChainTerms(bool Accumulate, Matrix Begin = default, Finish? Finish = null, bool AreFar = false);
