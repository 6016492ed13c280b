namespace FeedbackAlignment.Tests.Reference.Modules;

/// <summary>The numbers by which an error goes back through a weight: the weight's own, or what a rule puts in their place.</summary>
internal delegate double[,] Through(Weight weight);

/// <summary>
/// A part of a network, forward and backward side by side. A row of a table is an example; whatever else there is (channels, positions,
/// steps) lies along the row, and the module knows how.
/// </summary>
internal abstract class PlainModule
{
    public virtual IReadOnlyList<Weight> Weights => [];

    /// <summary>Whether what it gives for an example depends on the others.</summary>
    public virtual bool MixesExamples => false;

    /// <summary>Keeps what <see cref="Backward"/> needs: it goes back over the latest call.</summary>
    public abstract double[,] Forward(double[,] input);

    /// <summary>
    /// Gives its weights their gradients, means over the rows, and brings the error to its inputs. All derivatives are exact; only where
    /// the error crosses weights, <paramref name="through"/> says by which numbers.
    /// </summary>
    /// <param name="error">Each row the derivative of its own example's loss.</param>
    /// <param name="through">By which numbers an error crosses a weight.</param>
    public abstract double[,] Backward(double[,] error, Through through);
}
