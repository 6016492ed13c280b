using System.Numerics;
using FeedbackAlignment.Data;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>
/// The gradient of a batch from the gradients of its groups. Group g of G has the examples ⌊gB∕G⌋ … ⌊(g+1)B∕G⌋ of a batch of B. Their sums
/// are added in a fixed tree over the groups, and divided once, by the examples of the whole batch. A group without examples is left out,
/// which is not the same as adding 0. So the bits depend on the groups, and not on how many ranks share them: a rank has neighboring
/// groups, adds what lies below its part of the tree, and hands the rest on.
/// </summary>
internal sealed class BatchGroups
{
    private readonly int _groups, _rank, _size;
    private readonly IRanks? _ranks;
    private readonly LayerPipeline? _pipeline;
    private readonly IReadOnlyList<Parameter> _learned;
    private readonly PartialSum[] _sums;
    private readonly Dictionary<LearningRule, NoisePlaces> _places;
    private LearningRule? _rule;
    private NoisePlaces? _noise;
    private Batch _batch;
    private bool _stop;
    private long _step;

    /// <param name="options">Groups and ranks.</param>
    /// <param name="rules">All rules that train.</param>
    /// <param name="train">Examples to learn from.</param>
    /// <param name="learned">What the gradients are of.</param>
    /// <param name="pipeline">
    /// This rank's layers, if the ranks share those: each rank then has all groups of what it learns. Null: they share the groups.
    /// </param>
    /// <exception cref="ArgumentException">A rule does not split as it says.</exception>
    public BatchGroups(
        TrainingOptions options, IReadOnlyList<LearningRule> rules, DataSet train, IReadOnlyList<Parameter> learned,
        LayerPipeline? pipeline = null)
    {
        (_groups, _ranks, _pipeline) = (options.Groups, pipeline is null ? options.Ranks : null, pipeline);
        _learned = pipeline?.Own ?? learned;
        (_rank, _size) = (_ranks?.Rank ?? 0, _ranks?.Size ?? 1);
        _places = rules.ToDictionary(rule => rule, rule => Rehearsal.Of(rule, train, learned));
        var depth = BitOperations.Log2((uint)_groups - 1) + 2;
        _sums = [.. Enumerable.Range(0, depth).Select(_ => new PartialSum(_learned, rules[0].Network.Compute))];
    }

    /// <summary>Whether some rank was asked to stop before its part of the latest batch: all know it.</summary>
    public bool IsAskedToStop => _sums[0].Stop;

    /// <summary>Estimates the gradient of the mean loss of a batch.</summary>
    /// <param name="rule">One of the rules.</param>
    /// <param name="batch">All its examples, on every rank.</param>
    /// <param name="gradients">Receives the gradient.</param>
    /// <param name="stop">Whether this rank was asked to stop.</param>
    /// <returns>The mean loss of the batch.</returns>
    public double Estimate(LearningRule rule, in Batch batch, Gradients gradients, bool stop)
    {
        var examples = batch.RequireExamples();
        (_rule, _noise, _batch, _stop) = (rule, _places[rule], batch, stop);
        _step++;
        _noise.Begin();
        _pipeline?.Forward(rule, batch, stop, _noise);
        Sum(0, _groups, depth: 0);
        if (_ranks is not null)
        {
            ShareAll(_ranks);
        }

        _noise.End(batch.Count);
        gradients.Begin(examples);
        for (var i = 0; i < _learned.Count; i++)
        {
            if (_sums[0].IsPresent(i))
            {
                Elementwise.Map(gradients[_learned[i]].Write(), _sums[0].Values(i), new TakeScaled(1f / examples));
            }
        }

        return _sums[0].Loss / examples;
    }

    /// <summary>
    /// Adds some groups, with the others' halves from the ranks that have them. Where none of them is this rank's it does nothing.
    /// </summary>
    /// <param name="from">The first group.</param>
    /// <param name="to">The group behind the last.</param>
    /// <param name="depth">Which of the sums receives it, on the rank that has the first group.</param>
    private void Sum(int from, int to, int depth)
    {
        if (Owner(to - 1) < _rank || Owner(from) > _rank)
        {
            return;
        }

        if (to == from + 1)
        {
            Estimate(from, _sums[depth]);
            return;
        }

        var middle = from + ((to - from) / 2);
        Sum(from, middle, depth);
        Sum(middle, to, depth + 1);
        var (left, right) = (Owner(from), Owner(middle));
        var isEmpty = IsEmpty(middle, to);
        if (left == _rank)
        {
            if (right != _rank)
            {
                Receive(right, _sums[depth + 1], isEmpty);
            }

            Add(depth, IsEmpty(from, middle), isEmpty);
        }
        else if (right == _rank)
        {
            _ranks!.Send(left, isEmpty ? _sums[depth + 1].Header : _sums[depth + 1].Message);
        }
    }

    private void Receive(int from, PartialSum sum, bool isEmpty)
    {
        sum.Step = 0;
        _ranks!.Receive(from, isEmpty ? sum.Header : sum.Message);
        if (!isEmpty)
        {
            RequireWhole(sum, from);
        }
    }

    /// <summary>Gives all ranks the sum of all groups, which rank 0 has.</summary>
    private void ShareAll(IRanks ranks)
    {
        _sums[0].Step = ranks.IsFirst() ? _step : 0;
        ranks.Broadcast(_sums[0].Message);
        RequireWhole(_sums[0], from: 0);
    }

    private void RequireWhole(PartialSum sum, int from)
    {
        if (sum.Step != _step)
        {
            throw new RanksException($"what rank {from} has sent did not arrive whole; it may have died");
        }
    }

    private void Add(int depth, bool leftIsEmpty, bool rightIsEmpty)
    {
        var stop = _sums[depth].Stop || _sums[depth + 1].Stop;
        if (leftIsEmpty)
        {
            (_sums[depth], _sums[depth + 1]) = (_sums[depth + 1], _sums[depth]);
        }
        else if (!rightIsEmpty)
        {
            _sums[depth].Add(_sums[depth + 1]);
        }

        _sums[depth].Stop = stop;
    }

    private void Estimate(int group, PartialSum sum)
    {
        (sum.Stop, sum.Step) = (_stop, _step);
        if (IsEmpty(group, group + 1))
        {
            return;
        }

        var (from, to) = (First(group), First(group + 1));
        var part = new Batch(_batch.Inputs.Slice(from, to - from), _batch.Targets.Slice(from, to - from))
        {
            Mask = _batch.Mask.IsEmpty ? default : _batch.Mask[from..to],
        };
        if (_pipeline is not null)
        {
            sum.Loss = _pipeline.Learn(group, sum.Gradients, _noise!) * part.RequireExamples();
        }
        else
        {
            _noise!.GoTo(from);
            sum.Loss = _rule!.EstimateGradients(part, sum.Gradients) * part.RequireExamples();
            _noise.RequireAt(to);
        }

        sum.Form();
    }

    /// <summary>The place of a group's first example in a batch.</summary>
    /// <param name="group">The group; their number: behind the last example.</param>
    /// <param name="groups">How many there are.</param>
    /// <param name="examples">Examples of the batch.</param>
    public static int First(int group, int groups, int examples) => (int)((long)group * examples / groups);

    private int First(int group) => First(group, _groups, _batch.Count);

    /// <summary>Whether no example of some groups counts.</summary>
    private bool IsEmpty(int from, int to)
    {
        var (first, end) = (First(from), First(to));
        return first == end || (!_batch.Mask.IsEmpty && !_batch.Mask.Span[first..end].Contains(true));
    }

    /// <summary>The rank that has a group: rank r of R has the groups from ⌊rG∕R⌋ on.</summary>
    private int Owner(int group) => (int)(((((long)group + 1) * _size) - 1) / _groups);
}
