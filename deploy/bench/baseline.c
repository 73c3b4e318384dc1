/* The baseline B: a bare evhttp server on one loop that reads a body and answers what the relay answers. */
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdio.h>

static const char answer[] = "{\"success\":true}";

static void on_request(struct evhttp_request *request, void *context) {
    (void)context;
    struct evbuffer *body = evhttp_request_get_input_buffer(request);
    size_t length = evbuffer_get_length(body);
    volatile unsigned char last = length ? evbuffer_pullup(body, -1)[length - 1] : 0;
    (void)last;
    struct evbuffer *reply = evbuffer_new();
    evbuffer_add_reference(reply, answer, sizeof answer - 1, NULL, NULL);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", "application/json");
    evhttp_send_reply(request, 200, "OK", reply);
    evbuffer_free(reply);
}

int main(void) {
    struct event_base *base = event_base_new();
    struct evhttp *server = evhttp_new(base);
    evhttp_set_gencb(server, on_request, NULL);
    struct evhttp_bound_socket *bound = evhttp_bind_socket_with_handle(server, "127.0.0.1", 0);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    if (!bound || getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &size) != 0) return 1;
    printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return event_base_dispatch(base);
}
