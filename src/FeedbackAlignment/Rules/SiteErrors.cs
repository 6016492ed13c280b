using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>Where the errors of all sites of a rule will stand, for this batch.</summary>
/// <param name="all">maxBatch × (the sites' units side by side, each site's from a multiple of 16 on).</param>
/// <param name="parts">The same memory, one for each site.</param>
/// <param name="batch">Number of examples.</param>
internal readonly struct SiteErrors(Matrix all, Matrix[] parts, int batch)
{
    /// <summary>batch × all units side by side.</summary>
    public Matrix All => all.Top(batch);

    /// <summary>batch × units of a site.</summary>
    /// <param name="index">Index of the site, from 0.</param>
    public Matrix this[int index] => parts[index].Top(batch);

    /// <summary>Number of sites.</summary>
    public int Count => parts.Length;
}
