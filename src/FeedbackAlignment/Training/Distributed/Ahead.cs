using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>
/// Batches from which ranks have learned without waiting for one another, and where the training stood before: if one of the losses ends
/// it, there is a way back.
/// </summary>
internal sealed class Ahead
{
    private readonly MemoryState _before = new();
    private readonly double[] _losses = new double[LayerPipeline.MostAhead];
    private readonly (int Examples, float LearningRate)[] _batches = new (int, float)[LayerPipeline.MostAhead];
    private int _next;

    /// <summary>Whether ranks have learned from batches whose losses have not been handed out.</summary>
    public bool IsAhead => _next < Count;

    /// <summary>Batches since <see cref="Begin"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Their mean losses.</summary>
    public Span<double> Losses => _losses.AsSpan(0, Count);

    /// <summary>Begins where the training stands.</summary>
    /// <param name="carry">Carries all of it.</param>
    public void Begin(Action<StateCarrier> carry)
    {
        (Count, _next) = (0, 0);
        _before.Take(carry);
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="loss">Its mean loss, if this rank knows it.</param>
    /// <param name="examples">Its examples.</param>
    /// <param name="learningRate">Its learning rate.</param>
    public void Add(double loss, int examples, float learningRate)
    {
        (_losses[Count], _batches[Count]) = (loss, (examples, learningRate));
        Count++;
    }

    /// <summary>Hands the next batch out.</summary>
    public (double Loss, int Examples, float LearningRate) Next()
    {
        var next = (_losses[_next], _batches[_next].Examples, _batches[_next].LearningRate);
        _next++;
        return next;
    }

    /// <summary>Puts the training back to where it stood at <see cref="Begin"/>.</summary>
    /// <param name="carry">Carries all of it.</param>
    /// <returns>The batches that have been handed out.</returns>
    public (double Loss, int Examples, float LearningRate)[] GoBack(Action<StateCarrier> carry)
    {
        _before.PutBack(carry);
        (double, int, float)[] known =
        [
            .. Enumerable.Range(0, _next).Select(i => (_losses[i], _batches[i].Examples, _batches[i].LearningRate)),
        ];
        (Count, _next) = (0, 0);
        return known;
    }
}
