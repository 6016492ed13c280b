using System.Runtime.InteropServices;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>
/// One rank's part in a training whose ranks share the layers. All groups of a batch go forward under the same weights, from rank to rank.
/// Then the last rank tells all the losses and, where a rule reads it, the output's error. Each rank takes the gradients of what it has
/// from what it kept, group by group; where a rule sends errors back, they go from rank to rank. So the bits are those of one process with
/// the same groups. Each rank moves its own layers only; <see cref="Gather"/> gives rank 0 what it needs to look at the whole.
/// </summary>
internal sealed class LayerPipeline
{
    private const int Trailer = LayerTraffic.Trailer;

    /// <summary>The most batches after which all ranks know where all are, where they need not wait for one another.</summary>
    public const int MostAhead = 64;

    /// <summary>More bytes of weights are not kept aside to go back to.</summary>
    private const long MostKept = 1L << 28;

    private const long StopBit = 1, EndBit = 2;

    private readonly IRanks _ranks;
    private readonly int _count, _outputs;
    private readonly Dictionary<LearningRule, LayerPart> _parts;
    private readonly RandomStream[] _ruleNoise, _moduleNoise;
    private readonly Matrix[] _inputs, _errors, _above;
    private readonly Func<Matrix>[][] _weights, _memory;
    private readonly int[][] _stepCounts;
    private readonly Optimizer _optimizer;
    private readonly byte[] _message;
    private readonly double[] _losses;
    private readonly HashSet<Parameter> _own;
    private readonly HashSet<LearningRule> _readers;
    private LearningRule? _rule;
    private LayerPart? _part;
    private Batch _batch;
    private bool _stop, _endsHere, _readsError;
    private long _step, _gatheredAt = -1;
    private bool _hasMemory;

    /// <param name="options">Groups and ranks.</param>
    /// <param name="rules">All rules that train.</param>
    /// <param name="optimizer">Moves the weights.</param>
    /// <param name="learned">All that is learned.</param>
    /// <exception cref="ArgumentException">The ranks cannot share the layers.</exception>
    public LayerPipeline(TrainingOptions options, IReadOnlyList<LearningRule> rules, Optimizer optimizer, IReadOnlyList<Parameter> learned)
    {
        (_ranks, _count, _optimizer) = (options.Ranks!, options.Groups, optimizer);
        var network = rules[0].Network;
        var plan = LayerPlan.Of(network, rules, options.Parallel, _ranks.Size);
        var examples = (options.BatchSize + _count - 1) / _count;
        var (from, to) = plan[_ranks.Rank];
        _parts = rules.ToDictionary(rule => rule, rule => ((ErrorRule)rule).CreatePart(from, to, _count, examples));
        _readers = [.. rules.Where(rule => ((ErrorRule)rule).Walk.ReadsOutputError)];
        _part = _parts[rules[0]];
        (_outputs, _losses) = (network.Outputs, new double[_count]);
        _inputs = [.. Of(_part.Inputs, _part.IsFirst)];
        _errors = [.. Of(_outputs, isNeedless: false)];
        _above = [.. Of(_part.Outputs, _parts.Values.All(part => !part.TakesError))];
        _ruleNoise = [.. rules.SelectMany(rule => rule.Noise)];
        _moduleNoise = [.. rules.SelectMany(rule => rule.ModuleNoise)];

        int[] owners = [.. learned.Select(parameter => plan.RankOf(parameter, rules))];
        int[] ofBuffers = [.. network.Buffers.Select(plan.RankOf)];
        Own = [.. learned.Where((_, i) => owners[i] == _ranks.Rank)];
        _own = [.. Own];
        var everyone = Enumerable.Range(0, _ranks.Size);
        _weights = [.. everyone.Select(rank => (Func<Matrix>[])
        [
            .. learned.Where((_, i) => owners[i] == rank).Select(parameter => (Func<Matrix>)parameter.Read),
            .. network.Buffers.Where((_, i) => ofBuffers[i] == rank).Select(buffer => (Func<Matrix>)(() => buffer.Values)),
        ])];

        // The optimizer may move more than is learned here.
        var places = optimizer.Parameters.Index().ToDictionary(item => item.Item, item => item.Index);
        _stepCounts = [.. everyone.Select(rank
            => learned.Where((_, i) => owners[i] == rank).Select(parameter => places[parameter]).ToArray())];
        _memory = [.. everyone.Select(rank => optimizer.Memory
            .SelectMany(memory => _stepCounts[rank].Select(place => (Func<Matrix>)(() => memory.Values[place]))).ToArray())];
        long[] sizes =
        [
            (long)examples * Math.Max(_part.Inputs, _part.Outputs) * sizeof(float),
            (_count * sizeof(double)) + ((long)options.BatchSize * _outputs * sizeof(float)),
            Math.Max(learned.Count, MostAhead) * sizeof(double),
            ((long)learned.Count + _ruleNoise.Length + _moduleNoise.Length + 1) * sizeof(long),
            .. learned.Select(parameter => parameter.Read()).Concat(network.Buffers.Select(buffer => buffer.Values))
                .Select(matrix => (long)matrix.Lines * matrix.LineLength * sizeof(float)),
        ];
        if (sizes.Max() > Array.MaxLength - Trailer)
        {
            throw new ArgumentException(
                $"{nameof(TrainingOptions.Parallel)} {options.Parallel}: a message would have {sizes.Max()} bytes, can have at most "
                + $"{Array.MaxLength - Trailer}", nameof(options));
        }

        _message = new byte[sizes.Max() + Trailer];
        IsFree = options is { Parallel: Parallelism.Layers, ClipNorm: null }
            && _readers.Count == 0
            && learned.Sum(parameter => (long)parameter.Rows * parameter.Columns) * sizeof(float) <= MostKept;

        IEnumerable<Matrix> Of(int width, bool isNeedless)
            => Enumerable.Range(0, _count).Select(_ => isNeedless ? default : new Matrix(examples, width));
    }

    /// <summary>
    /// Whether no rank waits for the output's error: no rule reads it, and no norm of all gradients is wanted. A rank then goes on to the
    /// next batch as soon as it has passed its outputs on, and all learn the losses by <see cref="Tell"/>.
    /// </summary>
    public bool IsFree { get; }

    /// <summary>What this rank moves.</summary>
    public IReadOnlyList<Parameter> Own { get; }

    /// <summary>Whether some rank was asked to stop before its part of the latest batch: all know it.</summary>
    public bool IsAskedToStop => _stop;

    /// <summary>
    /// Whether all ranks learn of each other after this batch, however many have gone before: the first rank, which is ahead of all,
    /// was asked to stop.
    /// </summary>
    public bool EndsHere => _endsHere;

    private bool IsFirst => _ranks.Rank == 0;

    private bool IsLast => _ranks.Rank == _ranks.Size - 1;

    /// <summary>Takes a batch forward, and learns what all ranks learn of it.</summary>
    /// <param name="rule">One of the rules.</param>
    /// <param name="batch">All its examples, on every rank.</param>
    /// <param name="stop">Whether this rank was asked to stop.</param>
    /// <param name="noise">Where streams stand for each group; null: there is one group.</param>
    public void Forward(LearningRule rule, in Batch batch, bool stop, NoisePlaces? noise)
    {
        (_rule, _part, _batch, _stop) = (rule, _parts[rule], batch, stop);
        _readsError = _readers.Contains(rule);
        (_step, _endsHere) = (_step + 1, IsFirst && stop);
        for (var group = 0; group < _count; group++)
        {
            var part = Part(group);
            if (part.Count == 0)
            {
                continue;
            }

            noise?.GoTo(First(group));
            var input = IsFirst ? part.Inputs : _inputs[group].Top(part.Count);
            if (!IsFirst)
            {
                Receive(_ranks.Rank - 1, input);
            }

            var output = _part.Forward(group, input);
            noise?.RequireAt(First(group + 1), _part.Noise);
            if (IsLast)
            {
                _losses[group] = _part.Judge(group, part, output, _errors[group].Top(part.Count));
            }
            else
            {
                Send(_ranks.Rank + 1, output);
            }
        }

        if (!IsFree)
        {
            TellAll();
        }
    }

    /// <summary>Tells all ranks the losses of some batches, and whether to stop.</summary>
    /// <param name="losses">On the last rank their mean losses; receives them elsewhere.</param>
    public void Tell(Span<double> losses)
    {
        var message = _message.AsSpan(0, (losses.Length * sizeof(double)) + Trailer);
        var told = MemoryMarshal.Cast<byte, double>(message[..^Trailer]);
        losses.CopyTo(told);
        Broadcast(message, _ranks.Size - 1);
        told.CopyTo(losses);
    }

    /// <summary>Takes the gradients of a group that has gone forward.</summary>
    /// <param name="group">The group; it has examples.</param>
    /// <param name="gradients">Receives those of what this rank has.</param>
    /// <param name="noise">Where streams stand for each group; null: there is one group.</param>
    /// <returns>The mean loss of the group.</returns>
    public double Learn(int group, Gradients gradients, NoisePlaces? noise)
    {
        var part = Part(group);
        noise?.GoTo(First(group));
        var above = _part!.TakesError ? _above[group].Top(part.Count) : default;
        if (_part.TakesError)
        {
            Receive(_ranks.Rank + 1, above);
        }

        var outputError = IsLast || _readsError ? _errors[group].Top(part.Count) : default;
        var below = _part.Learn(group, part, outputError, above, gradients);
        noise?.RequireAt(First(group + 1), _rule!.Noise);
        if (_part.GivesError)
        {
            Send(_ranks.Rank - 1, below);
        }

        foreach (var gradient in gradients.All)
        {
            if (gradient.IsPresent && !_own.Contains(gradient.Parameter))
            {
                throw new InvalidOperationException(
                    $"{_rule!.Id} has taught {gradient.Parameter.Name} on rank {_ranks.Rank}, which does not have its layer");
            }
        }

        return _losses[group];
    }

    /// <summary>Adds up what all ranks have, number by number; each number is 0 on all ranks but one.</summary>
    /// <param name="numbers">This rank's; receives all.</param>
    public void Share(double[] numbers)
    {
        var message = _message.AsSpan(0, (numbers.Length * sizeof(double)) + Trailer);
        var sent = MemoryMarshal.Cast<byte, double>(message[..^Trailer]);
        if (!IsFirst)
        {
            numbers.CopyTo(sent);
            Send(0, message);
        }

        for (var rank = 1; IsFirst && rank < _ranks.Size; rank++)
        {
            Receive(rank, message);
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] += sent[i];
            }
        }

        numbers.CopyTo(sent);
        Broadcast(message, from: 0);
        sent.CopyTo(numbers);
    }

    /// <summary>Gives rank 0 the weights and statistics that the others have.</summary>
    /// <param name="memory">Whether also what the optimizer remembers.</param>
    /// <exception cref="RanksException">A rank has drawn other noise.</exception>
    public void Gather(bool memory)
    {
        if (_gatheredAt == _step && (_hasMemory || !memory))
        {
            return;
        }

        (_gatheredAt, _hasMemory) = (_step, memory);
        for (var rank = 1; rank < _ranks.Size; rank++)
        {
            if (!IsFirst && rank != _ranks.Rank)
            {
                continue;
            }

            foreach (var matrix in _weights[rank].Concat(memory ? _memory[rank] : []))
            {
                Pass(rank, matrix());
            }

            PassPlaces(rank);
        }
    }

    /// <summary>Gives all ranks the weights and statistics that rank 0 has.</summary>
    public void Spread()
    {
        foreach (var matrix in _weights.SelectMany(own => own))
        {
            var values = matrix();
            var message = Message(values);
            Copy(values, message[..^Trailer]);
            Broadcast(message, from: 0);
            CopyBack(message[..^Trailer], values);
        }
    }

    /// <summary>From rank 0's view: receives from the rank; else sends to rank 0.</summary>
    private void Pass(int rank, Matrix values)
    {
        if (IsFirst)
        {
            Receive(rank, values);
        }
        else
        {
            Send(0, values);
        }
    }

    /// <summary>
    /// Steps of the rank's parameters, and places of streams. A module's stream goes on only at the rank that has the module; a rule's on
    /// all.
    /// </summary>
    private void PassPlaces(int rank)
    {
        var counts = _optimizer.StepCounts;
        var own = counts is null ? [] : _stepCounts[rank];
        var message = _message.AsSpan(0, ((own.Length + _moduleNoise.Length + _ruleNoise.Length) * sizeof(long)) + Trailer);
        var places = MemoryMarshal.Cast<byte, long>(message[..^Trailer]);
        var modules = places[own.Length..];
        var rules = modules[_moduleNoise.Length..];
        if (!IsFirst)
        {
            for (var i = 0; i < own.Length; i++)
            {
                places[i] = counts![own[i]];
            }

            for (var i = 0; i < _moduleNoise.Length; i++)
            {
                modules[i] = (long)_moduleNoise[i].Position;
            }

            for (var i = 0; i < _ruleNoise.Length; i++)
            {
                rules[i] = (long)_ruleNoise[i].Position;
            }

            Send(0, message);
            return;
        }

        Receive(rank, message);
        for (var i = 0; i < own.Length; i++)
        {
            counts![own[i]] = places[i];
        }

        for (var i = 0; i < _moduleNoise.Length; i++)
        {
            _moduleNoise[i].Position = Math.Max(_moduleNoise[i].Position, (ulong)modules[i]);
        }

        for (var i = 0; i < _ruleNoise.Length; i++)
        {
            if (_ruleNoise[i].Position != (ulong)rules[i])
            {
                throw new RanksException($"rank {rank} has drawn other noise than rank 0: the rule does not draw it once for all layers");
            }
        }
    }

    /// <summary>The last rank tells the losses, whether to stop, and the output's error if a rule reads it.</summary>
    private void TellAll()
    {
        var numbers = _count * sizeof(double);
        var message = _message.AsSpan(0, numbers + (_readsError ? _batch.Count * _outputs * sizeof(float) : 0) + Trailer);
        if (IsLast)
        {
            MemoryMarshal.Cast<double, byte>(_losses).CopyTo(message);
            CopyErrors(message[numbers..^Trailer], isSent: true);
        }

        Broadcast(message, _ranks.Size - 1);
        if (!IsLast)
        {
            MemoryMarshal.Cast<byte, double>(message[..numbers]).CopyTo(_losses);
            CopyErrors(message[numbers..^Trailer], isSent: false);
        }
    }

    private void CopyErrors(Span<byte> message, bool isSent)
    {
        for (var group = 0; message.Length > 0 && group < _count; group++)
        {
            if (Part(group).Count is > 0 and var count)
            {
                var errors = _errors[group].Top(count);
                var own = message[..(count * _outputs * sizeof(float))];
                message = message[own.Length..];
                if (isSent)
                {
                    Copy(errors, own);
                }
                else
                {
                    CopyBack(own, errors);
                }
            }
        }
    }

    private void Send(int to, in Matrix values)
    {
        var message = Message(values);
        Copy(values, message[..^Trailer]);
        Send(to, message);
    }

    private void Receive(int from, in Matrix values)
    {
        var message = Message(values);
        Receive(from, message);
        CopyBack(message[..^Trailer], values);
    }

    private void Send(int to, Span<byte> message)
    {
        End(message);
        _ranks.Send(to, message);
    }

    private void Receive(int from, Span<byte> message)
    {
        message[^Trailer..].Clear();
        _ranks.Receive(from, message);
        RequireWhole(message, from);
    }

    private void Broadcast(Span<byte> message, int from)
    {
        if (_ranks.Rank == from)
        {
            End(message);
        }
        else
        {
            message[^Trailer..].Clear();
        }

        _ranks.Broadcast(message, from);
        RequireWhole(message, from);
    }

    /// <summary>Room for the numbers of a matrix without what pads its lines.</summary>
    private Span<byte> Message(in Matrix values) => _message.AsSpan(0, (values.Lines * values.LineLength * sizeof(float)) + Trailer);

    private void End(Span<byte> message)
    {
        var trailer = MemoryMarshal.Cast<byte, long>(message[^Trailer..]);
        (trailer[0], trailer[1]) = ((_stop ? StopBit : 0) | (_endsHere ? EndBit : 0), _step);
    }

    /// <summary>A sender that dies may leave a message of which the end is missing.</summary>
    private void RequireWhole(Span<byte> message, int from)
    {
        var trailer = MemoryMarshal.Cast<byte, long>(message[^Trailer..]);
        if (trailer[1] != _step)
        {
            throw new RanksException($"what rank {from} has sent did not arrive whole; it may have died");
        }

        _stop |= (trailer[0] & StopBit) != 0;
        _endsHere |= (trailer[0] & EndBit) != 0;
    }

    private static void Copy(in Matrix values, Span<byte> message)
    {
        var into = MemoryMarshal.Cast<byte, float>(message);
        for (var line = 0; line < values.Lines; line++)
        {
            values.Line(line).CopyTo(into[(line * values.LineLength)..]);
        }
    }

    private static void CopyBack(ReadOnlySpan<byte> message, in Matrix values)
    {
        var from = MemoryMarshal.Cast<byte, float>(message);
        for (var line = 0; line < values.Lines; line++)
        {
            from.Slice(line * values.LineLength, values.LineLength).CopyTo(values.Line(line));
        }
    }

    private int First(int group) => BatchGroups.First(group, _count, _batch.Count);

    private Batch Part(int group)
    {
        var (from, to) = (First(group), First(group + 1));
        return new Batch(_batch.Inputs.Slice(from, to - from), _batch.Targets.Slice(from, to - from));
    }
}
