using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>Hands out the training examples batch by batch, in a new random order each pass.</summary>
internal sealed class ExampleOrder
{
    private readonly DataSet _examples;
    private readonly RandomStream _random;
    private readonly int[] _order;
    private readonly Matrix _inputs, _targets;
    private readonly Augmenter? _augmenter;
    private int _next;

    /// <param name="examples">The training examples.</param>
    /// <param name="batchSize">The most examples in a batch.</param>
    /// <param name="random">The stream of their order.</param>
    /// <param name="augmenter">Changes their inputs; null: they stay as they are.</param>
    public ExampleOrder(DataSet examples, int batchSize, RandomStream random, Augmenter? augmenter = null)
    {
        _augmenter = augmenter;
        _examples = examples;
        _random = random;
        _order = [.. Enumerable.Range(0, examples.Count)];
        _next = _order.Length;
        _inputs = new Matrix(batchSize, examples.Inputs.Columns);
        _targets = new Matrix(batchSize, examples.Targets.Columns);
    }

    public void Carry(StateCarrier state)
    {
        state.Carry("order", _order);
        _next = (int)state.Carry("order/next", _next);
        state.Carry("order/random", _random);
        _augmenter?.Carry(state);
        state.Require(_next >= 0 && _next <= _order.Length, "the place in the order is inside it");
        state.Require(_order.Order().SequenceEqual(Enumerable.Range(0, _order.Length)), "the order has every example once");
    }

    /// <summary>The next examples; fewer at the end of a pass. Valid until the next call.</summary>
    /// <param name="atMost">The most examples wanted, at most the batch size.</param>
    public Batch Next(int atMost)
    {
        if (_next == _order.Length)
        {
            _random.Shuffle(_order);
            _next = 0;
        }

        var count = Math.Min(atMost, _order.Length - _next);
        if (count == 1 && _augmenter is null)
        {
            // One example at a time needs no copy.
            var only = _order[_next++];
            return new Batch(_examples.Inputs.Slice(only, 1), _examples.Targets.Slice(only, 1));
        }

        for (var i = 0; i < count; i++)
        {
            var example = _order[_next++];
            CopyInputs(_examples.Inputs.Row(example), _inputs.Row(i));
            _examples.Targets.Row(example).CopyTo(_targets.Row(i));
        }

        return new Batch(_inputs.Top(count), _targets.Top(count));
    }

    private void CopyInputs(ReadOnlySpan<float> from, Span<float> to)
    {
        if (_augmenter is null)
        {
            from.CopyTo(to);
        }
        else
        {
            _augmenter.Copy(from, to);
        }
    }
}
