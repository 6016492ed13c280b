using System.Runtime.InteropServices;
using System.Text;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Distributed;

/// <summary>
/// The calls of an MPI library, found at run time: nothing of MPI is needed where nobody launches several processes. Handles are addresses
/// in Open MPI and numbers in MPICH, which read the lower half of a register: a <see cref="nint"/> is right for both.
/// </summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>Only the thread that initialized calls; there are others.</summary>
    private const int Funneled = 1;

    private const int MostText = 8192;

    private readonly delegate* unmanaged<int*, byte***, int, int*, int> _initThread;
    private readonly delegate* unmanaged<nint, int*, int> _rank, _size;
    private readonly delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int> _send, _receive;
    private readonly delegate* unmanaged<nint*, int*, byte*, int> _test;
    private readonly delegate* unmanaged<byte*, nint, int*, int> _count;
    private readonly delegate* unmanaged<nint, nint, int> _setHandler;
    private readonly delegate* unmanaged<nint, int, int> _abort;
    private readonly delegate* unmanaged<int> _finalize;
    private readonly delegate* unmanaged<byte*, int*, int> _version;
    private readonly nint _world, _byte, _errorsReturn;
    private readonly string _file;

    private MpiLibrary(string file, nint library, MpiKind kind)
    {
        _file = file;
        _initThread = (delegate* unmanaged<int*, byte***, int, int*, int>)Find("MPI_Init_thread");
        _version = (delegate* unmanaged<byte*, int*, int>)Find("MPI_Get_library_version");
        _rank = (delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_rank");
        _size = (delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_size");
        _send = (delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int>)Find("MPI_Isend");
        _receive = (delegate* unmanaged<byte*, int, nint, int, int, nint, nint*, int>)Find("MPI_Irecv");
        _test = (delegate* unmanaged<nint*, int*, byte*, int>)Find("MPI_Test");
        _count = (delegate* unmanaged<byte*, nint, int*, int>)Find("MPI_Get_count");
        _setHandler = (delegate* unmanaged<nint, nint, int>)Find("MPI_Comm_set_errhandler");
        _abort = (delegate* unmanaged<nint, int, int>)Find("MPI_Abort");
        _finalize = (delegate* unmanaged<int>)Find("MPI_Finalize");
        (_world, _byte, _errorsReturn) = kind == MpiKind.OpenMpi
            ? (Find("ompi_mpi_comm_world"), Find("ompi_mpi_byte"), Find("ompi_mpi_errors_return"))
            : (0x44000000, 0x4c00010d, 0x54000001);

        nint Find(string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address
            : throw new MpiException($"{file} has no {name}, so it is not the MPI library that the launcher needs");
    }

    /// <summary>Loads the library of a kind.</summary>
    /// <exception cref="MpiException">It is not there, or another one is in its place.</exception>
    public static MpiLibrary Load(MpiKind kind)
    {
        var (files, package, name) = kind == MpiKind.OpenMpi
            ? (new[] { "libmpi.so.40" }, "libopenmpi3", "Open MPI")
            : (["libmpich.so.12", "libmpi.so.12"], "libmpich12", "MPICH");
        foreach (var file in files)
        {
            if (NativeLibrary.TryLoad(file, out var library))
            {
                var loaded = new MpiLibrary(file, library, kind);
                loaded.RequireKind(kind);
                return loaded;
            }
        }

        throw new MpiException(
            $"the launcher is that of {name}, but its library {string.Join(" or ", files)} cannot be loaded; install it (Debian: {package}), "
            + "or start with the launcher of the library that is there");
    }

    /// <summary>Begins; to be called once in a process.</summary>
    public void Init()
    {
        int provided;
        Check(_initThread(null, null, Funneled, &provided), "MPI_Init_thread");

        // Otherwise the library ends the process before anybody can say why.
        Check(_setHandler(_world, _errorsReturn), "MPI_Comm_set_errhandler");
    }

    /// <summary>Which rank this is, and of how many.</summary>
    public (int Rank, int Size) Place()
    {
        int rank, size;
        Check(_rank(_world, &rank), "MPI_Comm_rank");
        Check(_size(_world, &size), "MPI_Comm_size");
        return (rank, size);
    }

    /// <summary>Begins to send. The bytes must stay where they are until <see cref="IsDone"/> says so.</summary>
    public nint BeginSend(byte* bytes, int count, int to)
    {
        nint request = 0;
        Check(_send(bytes, count, _byte, to, 0, _world, &request), "MPI_Isend");
        return request;
    }

    /// <summary>Begins to receive at most so many bytes.</summary>
    public nint BeginReceive(byte* bytes, int count, int from)
    {
        nint request = 0;
        Check(_receive(bytes, count, _byte, from, 0, _world, &request), "MPI_Irecv");
        return request;
    }

    /// <summary>Whether what was begun is done.</summary>
    /// <param name="request">What was begun.</param>
    /// <param name="count">Receives how many bytes came.</param>
    public bool IsDone(ref nint request, ref int count)
    {
        // MPI_Status has 24 bytes in Open MPI and 20 in MPICH.
        var status = stackalloc byte[64];
        fixed (nint* pending = &request)
        {
            int done;
            Check(_test(pending, &done, status), "MPI_Test");
            if (done == 0)
            {
                return false;
            }
        }

        fixed (int* received = &count)
        {
            _ = _count(status, _byte, received);
        }

        return true;
    }

    /// <summary>Ends all ranks.</summary>
    public void Abort(int exitCode) => _ = _abort(_world, exitCode);

    /// <summary>Ends this rank in good order; all must.</summary>
    public void End() => _ = _finalize();

    private static string Text(byte* bytes, int length) => Encoding.ASCII.GetString(bytes, length).Split('\n')[0].TrimEnd('\0', ' ');

    private void RequireKind(MpiKind kind)
    {
        var text = stackalloc byte[MostText];
        int length;
        _ = _version(text, &length);
        var version = Text(text, Math.Clamp(length, 0, MostText));
        if (version.Contains("Open MPI", StringComparison.Ordinal) != (kind == MpiKind.OpenMpi))
        {
            throw new MpiException(
                $"{_file} is \"{version}\", which is not the library of this launcher; put that one first in LD_LIBRARY_PATH");
        }
    }

    private void Check(int code, string call)
    {
        if (code != 0)
        {
            throw new RanksException($"{call} of {_file} has failed with error {code}; another process may have died");
        }
    }
}
