using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Where the errors of all hidden layers will stand, for this batch.</summary>
/// <param name="all">maxBatch × (the layers' units side by side, each layer's from a multiple of 16 on).</param>
/// <param name="parts">The same memory, one for each hidden layer.</param>
/// <param name="batch">Number of examples.</param>
internal readonly struct SiteErrors(Matrix all, Matrix[] parts, int batch)
{
    /// <summary>batch × all units side by side.</summary>
    public Matrix All => all.Top(batch);

    /// <summary>batch × units of a hidden layer.</summary>
    /// <param name="index">Index of the hidden layer, from 0.</param>
    public Matrix this[int index] => parts[index].Top(batch);

    /// <summary>Number of hidden layers.</summary>
    public int Count => parts.Length;
}
