using System.Collections;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>What the layers of a pass gave, read where it lies: a step of a tiny network takes less time than a few copies.</summary>
/// <param name="layers">The layers' runs.</param>
internal sealed class LayerOutputs(LayerRun[] layers) : IReadOnlyList<Matrix>
{
    public int Count => layers.Length;

    public Matrix this[int index] => layers[index].Output;

    public IEnumerator<Matrix> GetEnumerator() => layers.Select(layer => layer.Output).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
